// Passkeys (Web Authentication level 2): signs in with one, or sets one up. Shows its buttons only where the browser can do it.
/** @param {string} text */
const octets = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
/** @param {ArrayBuffer} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
/** @param {string} path @param {object} body */
const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error('refused');
  return response.json();
};
/** @param {{ id: string }} known */
const named = (known) => ({ ...known, id: octets(known.id) });
/** @param {any} credential */
const shown = (credential) => {
  /** @type {Record<string, unknown>} */
  const response = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (credential.response[part]) response[part] = text(credential.response[part]);
  if (credential.response.getTransports) response['transports'] = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
};

/** @type {Record<string, (box: HTMLElement) => Promise<void>>} */
const ways = {
  'sign-in': async (box) => {
    const { seal } = box.dataset;
    const { challengeId, options } = await post('/passkey/options', { seal });
    const publicKey = { ...options, challenge: octets(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(named) };
    const credential = await navigator.credentials.get({ publicKey });
    const { to } = await post('/passkey', { seal, challengeId, response: shown(credential) });
    location.assign(to);
  },
  'set-up': async (box) => {
    const { seal, label } = box.dataset;
    const { challengeId, options } = await post('/security/passkey/options', { seal });
    const publicKey = {
      ...options,
      challenge: octets(options.challenge),
      user: { ...options.user, id: octets(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map(named),
    };
    const credential = await navigator.credentials.create({ publicKey });
    const { to } = await post('/security/passkey', { seal, challengeId, label, response: shown(credential) });
    location.assign(to);
  },
};

if (window.PublicKeyCredential) {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-passkey]'))) {
    const button = box.querySelector('button');
    const wrong = /** @type {HTMLElement | null} */ (box.querySelector('[role=alert]'));
    const way = ways[box.dataset['passkey'] ?? ''];
    if (!button || !wrong || !way) continue;
    box.hidden = false;
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-without-passkey]'))) other.hidden = true;
    button.addEventListener('click', () => {
      wrong.hidden = true;
      button.disabled = true;
      way(box).catch(() => {
        wrong.hidden = false;
        button.disabled = false;
        button.focus();
      });
    });
  }
}
