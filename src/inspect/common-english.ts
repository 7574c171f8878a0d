// The most common words of English mail: on no list, said of nobody. Cutting a text finds them in the same table as the words of the lists, so
// that no string is made for each of them. By hand; more or fewer change the speed only.

export const COMMON_ENGLISH: readonly string[] = (
  'the of and to a in for is on that by this with i you it not or be are from at as your all have new more an was we will can us about if my has but our one other do no ' +
  'they he up may what which their out use any there see only so his when here who also now get first been would how were me some these its like than just over into two ' +
  'then them she her him had did does could should must shall might very much many most such each every both between under after before during through while because where ' +
  'why again still yet never always often ever too own same off down above below since until upon within without per via etc let make made take took taken give given go ' +
  'going gone come came know known think thought say said tell told ask asked want need needs look looked looking find found show shown work working worked call called try ' +
  'please thank thanks dear hello hi best regards sincerely send sent mail email message subject date time day days week weeks month months year years today tomorrow ' +
  'yesterday morning evening night monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december ' +
  'name address phone number line list page file text note id no yes ok re fw fwd cc am pm s t d m ll ve don isn doesn didn can won wasn aren couldn wouldn ' +
  'people person man woman men women child children family friend home house place way thing things something anything nothing everything part end side point case fact ' +
  'problem question answer information data system group company business office service services product products order price money account change changes set using used ' +
  'good great long little big small large high low old young right left next last few several another more less least able available different important possible sure ' +
  'well even back around against among however therefore thus although though whether either neither rather quite almost already else once three four five six seven eight ' +
  'nine ten com org net www http https html en us be being having doing getting making taking e g b c f h j k l n o p q r u v w x y z'
)
  .split(' ')
  .filter((word, i, all) => all.indexOf(word) === i);

const COUNT: readonly number[] = Array.from({ length: 130 }, (_, i) => i);
/** Days, months, hours and small counts, and the years of a long life. */
export const COMMON_NUMBERS: readonly string[] = [
  ...COUNT.map((one) => String(one)),
  ...COUNT.slice(0, 10).map((one) => `0${String(one)}`),
  ...COUNT.map((one) => String(1920 + one)),
];
