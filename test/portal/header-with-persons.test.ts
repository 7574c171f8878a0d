// A downloaded message names people: whatever the pieces, and not an octet of its body changes.
import t from 'tap';
import { withPersons } from '../../src/portal/header-with-persons.ts';
import { readWhole } from '../support/sealed-content.ts';

const OURS = 'answer-01hzz-0-abc@return.clinic.example';
const STAND_INS = [{ address: OURS, person: 'pat@home.example' }];
const MESSAGE = Buffer.concat([
  Buffer.from(`To: <${OURS}>\r\nSubject: caf`),
  Buffer.from([0xe9, 0xff]),
  Buffer.from(`\r\n\r\n${OURS} wrote:\r\n`),
  Buffer.from([0, 0xff, 0xfe]),
]);

async function* pieces(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const wanted = Buffer.from(MESSAGE.toString('latin1').replace(OURS, 'pat@home.example'), 'latin1');

t.test('in pieces of any size', async (t) => {
  for (const size of [1, 2, 7, 50, 1_000]) {
    t.ok((await readWhole(withPersons(pieces(MESSAGE, size), STAND_INS))).equals(wanted), `${size}`);
    t.ok((await readWhole(withPersons(pieces(MESSAGE, size), []))).equals(MESSAGE), `${size}, nobody is stood for`);
  }
});

t.test('a header alone, nothing, and one over every limit', async (t) => {
  t.equal((await readWhole(withPersons(pieces(Buffer.from(`To: ${OURS}`), 5), STAND_INS))).toString(), 'To: pat@home.example');
  t.equal((await readWhole(withPersons(pieces(Buffer.alloc(0), 5), STAND_INS))).length, 0);
  await t.rejects(readWhole(withPersons(pieces(Buffer.alloc(300_000, 'x'), 65_536), STAND_INS)));
});
