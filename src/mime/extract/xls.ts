// Excel 5 to 2003 (MS-XLS): the workbook's records, sheet by sheet; pictures, pivot caches and embedded objects.
import { CompoundFile, isCompoundFile } from './compound-file.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { MEMBER, tellStreams } from './ole-object.ts';
import { tellPivotCache } from './xls-pivot.ts';
import { Workbook } from './xls-workbook.ts';

const KNOWN = [/^(?:Workbook|Book|_SX_DB_CUR)$/i];

export const xlsExtractor: Extractor = {
  kinds: ['xls'],
  async extract(source: Source, output: Output): Promise<void> {
    if (!isCompoundFile(source.bytes)) {
      // Excel 4 and older write the records as they are.
      await new Workbook(source.bytes, output).tell();
      return;
    }
    const file = new CompoundFile(source.bytes, output);
    for (const entry of file.children(file.root)) {
      if (/^(?:Workbook|Book)$/i.test(entry.name)) await new Workbook(file.read(entry), output).tell();
    }
    const pivots = file.child(file.root, '_SX_DB_CUR');
    for (const entry of pivots === null ? [] : file.children(pivots)) tellPivotCache(file.read(entry), output);
    await tellStreams(file, file.root, KNOWN, MEMBER, output);
    if (!file.whole) {
      output.defect('container-malformed');
      output.blind('broken');
    }
  },
};
