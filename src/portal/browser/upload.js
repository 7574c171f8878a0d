// Sends an answer with its files and shows how far it is. What is too large is said before anything is sent.
const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-upload]'));
if (form) {
  const files = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type=file]'));
  const box = /** @type {HTMLElement | null} */ (form.querySelector('[data-progress]'));
  const bar = form.querySelector('progress');
  const said = /** @type {HTMLElement | null} */ (form.querySelector('[data-progress-text]'));
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector('[data-problem]'));
  const button = form.querySelector('button');

  const problem = () => {
    const chosen = [...(files?.files ?? [])];
    if (chosen.length > Number(form.dataset['files'])) return form.dataset['tooMany'] ?? '';
    return chosen.reduce((sum, { size }) => sum + size, 0) > Number(form.dataset['bytes']) ? (form.dataset['tooLarge'] ?? '') : '';
  };
  const show = () => {
    if (!wrong) return;
    wrong.textContent = problem();
    wrong.hidden = wrong.textContent === '';
  };
  files?.addEventListener('change', show);

  form.addEventListener('submit', (event) => {
    if (!files || !box || !bar || !said || !wrong || !button) return;
    if (problem() !== '') {
      event.preventDefault();
      show();
      files.focus();
      return;
    }
    // Without files there is nothing to show.
    if ((files.files ?? []).length === 0) return;
    event.preventDefault();
    button.disabled = true;
    box.hidden = false;
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.responseType = 'document';
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      const percent = Math.floor((loaded / Math.max(1, total)) * 100);
      bar.value = percent;
      said.textContent = (form.dataset['sending'] ?? '').replace('{percent}', String(percent));
    });
    const failed = () => {
      button.disabled = false;
      box.hidden = true;
      wrong.textContent = form.dataset['failed'] ?? '';
      wrong.hidden = false;
      wrong.focus();
    };
    request.addEventListener('error', failed);
    request.addEventListener('abort', failed);
    request.addEventListener('load', () => {
      // A form that comes back says what is wrong; the files that were chosen stay chosen.
      const page = request.responseXML;
      const back = page?.querySelector('form[data-upload]');
      if (back) {
        const sentence = back.closest('main')?.querySelector('.note.bad, .wrong:not([hidden])');
        failed();
        if (sentence) wrong.textContent = sentence.textContent;
        const seal = /** @type {HTMLInputElement | null} */ (back.querySelector('input[name=seal]'));
        const mine = /** @type {HTMLInputElement | null} */ (form.querySelector('input[name=seal]'));
        if (seal && mine) mine.value = seal.value;
      } else if (request.responseURL.startsWith(`${location.origin}/`) && request.status < 400) location.assign(request.responseURL);
      else failed();
    });
    request.send(new FormData(form));
  });
}
