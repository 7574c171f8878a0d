// The same sentence in the languages of the world, and the charsets that the iconv of the system writes them in.

const SENTENCES = {
  western: 'Patient Jörg Müller, naïve café, born 1970-01-31.',
  plain: 'Patient Joerg Mueller, born 1970-01-31.',
  central: 'Pacjent Łukasz Żółty, Příliš žluťoučký.',
  baltic: 'Pacientas Šarūnas Ąžuolas.',
  turkish: 'Hasta Işık Şahin, İstanbul.',
  russian: 'Пациент Иванов жалуется на боль.',
  ukrainian: 'Пацієнт Їжак, м.Київ.',
  greek: 'Ασθενής Γιώργος Παπαδόπουλος.',
  hebrew: 'המטופל משה כהן.',
  arabic: 'المريض محمد علي.',
  thai: 'ผู้ป่วยสมชาย',
  vietnamese: 'Bệnh nhân Nguyễn Thị Ánh.',
  japanese: '患者の山田太郎さん、血圧が高い。',
  chinese: '患者张三昨天来院。',
  traditional: '患者張三昨天來院。',
  korean: '환자 김철수 씨는 어제 왔다.',
} as const;

export interface CharsetSample {
  /** Name for iconv. */
  readonly made: string;
  /** Name that the mail says. */
  readonly declared: string;
  readonly sentence: string;
}

function samples(sentence: string, names: string): readonly CharsetSample[] {
  return names.split(' ').map((name) => {
    const [made = '', declared = made] = name.split('>');
    return { made, declared, sentence };
  });
}

/** `A>B`: made as A, declared as B. */
export const CHARSETS: readonly CharsetSample[] = [
  ...samples(SENTENCES.western, 'utf-8 utf-16 utf-16le utf-16be utf-32 utf-32le utf-32be utf-7 iso-8859-1 iso-8859-15 windows-1252 cp850'),
  ...samples(SENTENCES.western, 'macintosh macintosh>x-mac-roman cp437>ibm437 cp858 hp-roman8 iso-8859-9'),
  ...samples(SENTENCES.plain, 'us-ascii ansi_x3.4-1968'),
  ...samples(SENTENCES.central, 'iso-8859-2 windows-1250 cp852 mac-centraleurope>x-mac-ce'),
  ...samples(SENTENCES.baltic, 'iso-8859-13 windows-1257 iso-8859-4'),
  ...samples(SENTENCES.turkish, 'iso-8859-9 windows-1254 cp857'),
  ...samples(SENTENCES.russian, 'koi8-r windows-1251 iso-8859-5 cp866 mac-cyrillic>x-mac-cyrillic utf-7 utf-16 ucs-2 cp855'),
  ...samples(SENTENCES.ukrainian, 'koi8-u windows-1251'),
  ...samples(SENTENCES.greek, 'iso-8859-7 windows-1253 cp737'),
  ...samples(SENTENCES.hebrew, 'iso-8859-8>iso-8859-8-i windows-1255 cp862'),
  ...samples(SENTENCES.arabic, 'iso-8859-6 windows-1256'),
  ...samples(SENTENCES.thai, 'tis-620 cp874'),
  ...samples(SENTENCES.vietnamese, 'viscii utf-8'),
  ...samples(SENTENCES.japanese, 'iso-2022-jp euc-jp shift_jis cp932 iso-2022-jp-2 utf-16be'),
  ...samples(SENTENCES.chinese, 'gb2312 gbk gb18030 iso-2022-cn'),
  ...samples(SENTENCES.traditional, 'big5 big5-hkscs'),
  ...samples(SENTENCES.korean, 'euc-kr uhc iso-2022-kr cp949'),
];
