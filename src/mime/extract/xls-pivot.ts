// Pivot caches of Excel (MS-XLS 2.1.7.11): copies of the data that a pivot table was made from, which stay when the sheet is gone.
import { biffRecords, type BiffTexts, textAt } from './biff-records.ts';
import type { Output } from './extractor.ts';
import { f64, isoTime, u16, u8 } from './little-endian.ts';

const [FIELD, NUMBER, TEXT, DATE] = [0xc7, 0xc9, 0xcd, 0xce];
const MOST_SPAN = 4_000;

/** @throws LimitReached */
export function tellPivotCache(stream: Buffer, output: Output): void {
  const texts: BiffTexts = { version: 'BIFF8', codePage: 1252, output };
  let line: string[] = [];
  let length = 0;
  const end = (): void => {
    output.text({ area: 'hidden' }, line.join('\t'));
    [line, length] = [[], 0];
  };
  for (const { id, data } of biffRecords(stream)) {
    let text = '';
    if (id === FIELD) text = textAt(data, 14, 2, texts);
    else if (id === TEXT) text = textAt(data, 0, 2, texts);
    else if (id === NUMBER) text = `${f64(data, 0)}`;
    else if (id === DATE)
      text = isoTime(Date.UTC(u16(data, 0), u16(data, 2) - 1, u8(data, 4), u8(data, 5), u8(data, 6), u8(data, 7))) ?? '';
    if (text === '') continue;
    line.push(text);
    length += text.length + 1;
    if (length > MOST_SPAN) end();
  }
  end();
}
