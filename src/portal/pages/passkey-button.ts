// The button that signs in with a passkey. Only a script can do that, so it shows only where one runs.
import { html, type Html, type Puttable } from '../html.ts';
import type { Visit } from '../visit.ts';

export function passkeyButton(visit: Visit, says: Puttable): Html {
  const { words, seal } = visit;
  return html`<div data-passkey="sign-in" data-seal="${seal}" hidden>
    <p class="soft">${says}</p>
    <p class="wrong" role="alert" hidden>${words.passkey.failed}</p>
    <p class="act"><button type="button" class="wide">${words.open.passkey}</button></p>
  </div>`;
}
