// The _mta-sts TXT record (RFC 8461 3.1).
import t from 'tap';
import { stsPolicyId } from '../../src/dns/sts-record.ts';

void t.test('policy ids', async (t) => {
  const CASES: readonly (readonly [title: string, records: readonly string[], id: string | null])[] = [
    ['plain', ['v=STSv1; id=20260101T000000;'], '20260101T000000'],
    ['without final semicolon', ['v=STSv1; id=1'], '1'],
    ['without blanks', ['v=STSv1;id=1;'], '1'],
    ['blanks around semicolons', ['v=STSv1 ;\tid=1 ; '], '1'],
    ['an extension before and after', ['v=STSv1; x-a.b_c=!"#$; id=7; y=z;'], '7'],
    ['a repeated id: the first', ['v=STSv1; id=1; id=2;'], '1'],
    ['other TXT records beside it', ['spf', 'v=STSv1; id=1;', 'v=STSv2; id=3;', ''], '1'],
    ['32 characters', [`v=STSv1; id=${'a'.repeat(32)};`], 'a'.repeat(32)],
    ['33 characters', [`v=STSv1; id=${'a'.repeat(33)};`], null],
    ['no record', [], null],
    ['only others', ['v=spf1 -all'], null],
    ['two records', ['v=STSv1; id=1;', 'v=STSv1; id=1;'], null],
    ['two records, one malformed', ['v=STSv1; id=1;', 'v=STSv1;'], null],
    ['no id', ['v=STSv1;'], null],
    ['no id, no semicolon', ['v=STSv1'], null],
    ['an empty id', ['v=STSv1; id=;'], null],
    ['an id of other characters', ['v=STSv1; id=a-b;'], null],
    ['version in lower case', ['v=stsv1; id=1;'], null],
    ['version not first', ['id=1; v=STSv1;'], null],
    ['a blank before the version', [' v=STSv1; id=1;'], null],
    ['version with a tail', ['v=STSv1x; id=1;'], null],
    ['an empty field', ['v=STSv1;; id=1;'], null],
    ['a field without value', ['v=STSv1; id=1; x;'], null],
    ['a field with a blank', ['v=STSv1; id=1; x=a b;'], null],
    ['key in upper case', ['v=STSv1; ID=1;'], null],
    ['a blank before "="', ['v=STSv1; id =1;'], null],
    ['too long', [`v=STSv1; id=1; x=${'y'.repeat(1024)};`], null],
    ['very many blanks', [`v=STSv1;${' '.repeat(65_000)}`], null],
  ];
  for (const [title, records, id] of CASES) t.equal(stsPolicyId(records), id, title);
});
