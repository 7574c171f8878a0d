// Control words of RTF 1.9.1: what a destination is, which characters words stand for, which code page a character set has.
import type { Area } from '../../mail/message.ts';

/** What becomes of the text of a destination. */
export type Destination =
  | { readonly to: 'area'; readonly area: Area }
  /** Names and numbers of the machinery, or octets that nobody shows. */
  | { readonly to: 'nowhere' }
  | { readonly to: 'fonts' }
  /** Octets in hexadecimal. */
  | { readonly to: 'file'; readonly what: 'picture' | 'object' }
  | { readonly to: 'shape-name' }
  | { readonly to: 'shape-value' }
  | { readonly to: 'html-tag' };

const to = (area: Area): Destination => ({ to: 'area', area });

function all(names: string, destination: Destination): readonly (readonly [string, Destination])[] {
  return names.split(' ').map((name) => [name, destination] as const);
}

export const DESTINATIONS: ReadonlyMap<string, Destination> = new Map([
  ...all('header headerl headerr headerf footer footerl footerr footerf footnote', to('note')),
  ...all('ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn', to('note')),
  ...all('annotation', to('annotation')),
  ...all('atnauthor atnid revtbl', to('property')),
  ...all('title subject author manager company operator category keywords comment doccomm hlinkbase', to('property')),
  ...all('propname staticval linkval', to('property')),
  ...all('fldinst docvar mailmerge xe rxe tc tcn bkmkstart bkmkend datafield writereservhash', to('hidden')),
  ...all('pntxta pntxtb leveltext levelnumbers', { to: 'nowhere' }),
  ...all('ffname ffdeftext ffl ffhelptext ffstattext ffformat ffentrymcr ffexitmcr formfield', to('form-field')),
  ...all('template', to('link')),
  ...all('file', to('file-name')),
  ...all('pict', { to: 'file', what: 'picture' }),
  ...all('objdata', { to: 'file', what: 'object' }),
  ...all('fonttbl', { to: 'fonts' }),
  ...all('sn', { to: 'shape-name' }),
  ...all('sv', { to: 'shape-value' }),
  ...all('htmltag', { to: 'html-tag' }),
  ...all(
    'colortbl stylesheet listtable listoverridetable rsidtbl generator themedata colorschememapping datastore latentstyles xmlnstbl pgptbl ' +
      'mmathpr wgrffmtfilter panose falt fontemb fontfile blipuid blipname bliptag picprop pnseclvl atnref atndate atnicn atntime atrfstart atrfend ' +
      'atnparent creatim revtim printim buptim objclass objname objtime objalias objsect passwordhash mhtmltag oldcprops oldpprops oldtprops ' +
      'oldsprops protusertbl pnsec defchp defpap listlevel liststylename rsidroot',
    { to: 'nowhere' },
  ),
]);

/** Destinations whose text goes where that around them goes, though they are marked as ones that may be ignored. */
export const TRANSPARENT: ReadonlySet<string> = new Set(
  'shppict nonshppict shpinst shptxt background do dptxbxtext field fldrslt ud userprops info object result nesttableprops nonesttables ftnalt'.split(
    ' ',
  ),
);

export const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['tab', '\t'],
  ['line', '\n'],
  ['lbr', '\n'],
  ['column', '\n'],
  ['emdash', '\u2014'],
  ['endash', '\u2013'],
  ['emspace', ' '],
  ['enspace', ' '],
  ['qmspace', ' '],
  ['bullet', '\u2022'],
  ['lquote', '\u2018'],
  ['rquote', '\u2019'],
  ['ldblquote', '\u201c'],
  ['rdblquote', '\u201d'],
  ['nestcell', '\t'],
  ['nestrow', '\n'],
]);

/** Properties of a shape that are words. */
export const SHAPE_WORDS: ReadonlyMap<string, Area> = new Map([
  ['wzDescription', 'alternative'],
  ['wzTooltip', 'alternative'],
  ['gtextUNICODE', 'text'],
  ['wzScript', 'hidden'],
  ['wzEquationXML', 'hidden'],
]);

/** `\fcharset` to a code page; those that are missing have that of the document. */
export const CODE_PAGE_BY_CHARSET: ReadonlyMap<number, number> = new Map([
  [77, 10000],
  [78, 10001],
  [128, 932],
  [129, 949],
  [130, 1361],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
  [254, 437],
  [255, 850],
]);
