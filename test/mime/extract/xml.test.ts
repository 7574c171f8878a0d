// XML as events: namespaces, encodings, what is not well formed, and input made to hurt.
import t from 'tap';
import { readXml, readXmlText, type XmlEvents } from '../../../src/mime/extract/xml.ts';

/** All events in one line. */
function told(input: string | Buffer): readonly [string, string] {
  const said: string[] = [];
  const events: XmlEvents = {
    open: ({ name, namespace, attributes }) => {
      const own = attributes.filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns').map((one) => ` ${one.name}=${one.value}`);
      said.push(`<${namespace === '' ? '' : `${namespace}:`}${name}${own.join('')}>`);
    },
    close: ({ name }) => said.push(`</${name}>`),
    text: (text) => said.push(text),
    comment: (text) => said.push(`#${text}#`),
    processingInstruction: (target, body) => said.push(`?${target} ${body}?`),
  };
  const end = typeof input === 'string' ? readXmlText(input, events) : readXml(input, events);
  return [end, said.join('')];
}

const CASES: readonly (readonly [name: string, xml: string, end: 'whole' | 'broken', events: string])[] = [
  ['elements', '<?xml version="1.0"?><a><b/>t</a>\n', 'whole', '<a><b></b>t</a>'],
  ['namespaces', '<a xmlns="u" xmlns:p="v"><p:b q="1"/><c xmlns=""/><d/></a>', 'whole', '<u:a><v:b q=1></b><c></c><u:d></d></a>'],
  ['attributes', `<a b = "1 &gt; 2" c='"'/>`, 'whole', '<a b=1 > 2 c="></a>'],
  ['references', '<a>&lt;&amp;&#65;&#x42;</a>', 'whole', '<a><&AB</a>'],
  ['CDATA', '<a><![CDATA[<b>&amp;]]></a>', 'whole', '<a><b>&amp;</a>'],
  ['comments and instructions', '<a><!--x--><?y z?></a>', 'whole', '<a>#x#?y z?</a>'],
  ['line ends', '<a>1\r\n2\r3</a>', 'whole', '<a>1\n2\n3</a>'],
  ['a DTD', '<!DOCTYPE a [<!ENTITY e "Joh>n"><!-- \' -->]><a/>', 'whole', `#DOCTYPE a [<!ENTITY e "Joh>n"><!-- ' -->]#<a></a>`],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', 'broken', '#DOCTYPE a [<!ENTITY e "x">]#<a>&e;</a>'],
  ['not closed', '<a><b>t', 'broken', '<a><b>t</b></a>'],
  ['closed in another order', '<a><b>1</a>2</b>', 'broken', '<a><b>1</b></a>2'],
  ['a stray end', '<a></x>t</a>', 'broken', '<a>t</a>'],
  ['a value without quotes', '<a b=1 c>t</a>', 'broken', '<a b=1>t</a>'],
  ['a value that never ends', '<a b="t', 'broken', '<a b=t></a>'],
  ['a comment that never ends', '<a><!-- t', 'broken', '<a># t#</a>'],
  ['a sign in text', '<a>1 < 2</a>', 'broken', '<a>1 < 2</a>'],
  ['two roots', '<a/><b/>', 'broken', '<a></a><b></b>'],
  ['text around', 'x<a/>y', 'broken', 'x<a></a>y'],
  ['a character that is none', '<a>&#x110000;</a>', 'broken', '<a>&#x110000;</a>'],
  ['nothing', '', 'broken', ''],
];

for (const [name, xml, end, events] of CASES) {
  t.test(name, async (t) => {
    t.same(told(xml), [end, events]);
  });
}

t.test('encodings', async (t) => {
  const xml = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><a>\u00e9</a>`;
  const swapped = Buffer.from(`\ufeff${xml('UTF-16')}`, 'utf16le').swap16();
  for (const [name, bytes] of [
    ['UTF-8', Buffer.from(xml('UTF-8'))],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${xml('windows-1251')}`)],
    ['declared', Buffer.from(xml('iso-8859-1'), 'latin1')],
    ['little-endian', Buffer.from(`\ufeff${xml('UTF-16')}`, 'utf16le')],
    ['little-endian without a mark', Buffer.from(xml('UTF-16'), 'utf16le')],
    ['big-endian', swapped],
    ['big-endian without a mark', swapped.subarray(2)],
    ['not what it declares', Buffer.from(xml('UTF-16'))],
  ] as const) {
    t.same(told(bytes), ['whole', '<a>\u00e9</a>'], name);
  }
});

t.test('attributes by name', async (t) => {
  readXmlText('<a id="1" r:id="2"/>', {
    open: (element) => {
      t.equal(element.attribute('id'), '1');
      t.equal(element.attribute('none'), null);
      t.equal(element.attributes.find(({ prefix }) => prefix === 'r')?.value, '2');
    },
  });
});

t.test('input made to hurt ends', async (t) => {
  for (const [name, xml] of [
    ['deep', '<a>'.repeat(300_000)],
    ['prefixes at depth', `${'<a>'.repeat(1_900)}${'<p:b/>'.repeat(200_000)}`],
    ['attributes', `<a ${Array.from({ length: 200_000 }, (_, index) => `a${index}="x"`).join(' ')}/>`],
    ['stray ends', `<a>${'</b>'.repeat(500_000)}</a>`],
    ['tags without end', '<a b="'.repeat(300_000)],
    ['ampersands', `<a>${'&'.repeat(1_000_000)}</a>`],
    ['references without end', `<a>${'&#1'.repeat(300_000)}</a>`],
    ['comments without end', '<!--'.repeat(300_000)],
    ['laughs', `<!DOCTYPE a [${'<!ENTITY b "&a;&a;&a;">'.repeat(50_000)}]><a>&b;</a>`],
  ] as const) {
    let length = 0;
    readXmlText(xml, {
      open: () => length++,
      text: (text) => {
        length += text.length;
      },
    });
    t.ok(length <= xml.length, name);
  }
});
