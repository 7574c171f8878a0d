// The buttons that send a code to a telephone: a text message, a call. Before somebody has signed in nothing is said of a number, whether there is one
// or not; afterwards its last two digits are.
import type { PhoneWay } from '../../mail/pickup.ts';
import { html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { form } from './layout.ts';

/** @param how what it does, in words */
export function phoneButtons(visit: Visit, link: string, ways: readonly PhoneWay[], how: Html | string): Html | null {
  const { words } = visit;
  if (ways.length === 0) return null;
  const button = (way: PhoneWay): Html => html`<button name="by" value="${way}" aria-describedby="phone-how">${words.open[way]}</button>`;
  return html`<p id="phone-how">${how}</p>
    ${ways.map((way) => form(visit, `/m/${link}/send`, button(way)))}`;
}
