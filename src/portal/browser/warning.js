// Automatic logoff: asks shortly before the session ends whether anybody is there, and clears the screen when it has ended.
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById('warning'));
if (dialog) {
  const before = Number(dialog.dataset['warning']);
  const seal = dialog.dataset['seal'] ?? '';
  const ends = Number(dialog.dataset['ends']);
  // By the server's clock: the device's may be wrong.
  let left = ends - Number(dialog.dataset['now']);
  let asked = performance.now();
  const remaining = () => left - (performance.now() - asked);

  /** @param {string} path @param {string} method */
  const ask = async (path, method) => {
    const response = await fetch(path, { method, headers: { accept: 'application/json', 'x-seal': seal }, cache: 'no-store' });
    const answer = response.ok ? await response.json() : { leftMs: 0 };
    left = answer.leftMs;
    asked = performance.now();
  };

  const end = () => {
    const draft = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-keep]'));
    const text = /** @type {HTMLTextAreaElement | null} */ (draft?.elements.namedItem('text') ?? null);
    if (draft && text && text.value !== '') {
      const keep = /** @type {HTMLInputElement} */ (document.createElement('input'));
      keep.type = 'hidden';
      keep.name = 'keep';
      keep.value = 'yes';
      draft.append(keep);
      for (const file of draft.querySelectorAll('input[type=file]')) file.setAttribute('disabled', '');
      draft.noValidate = true;
      draft.submit();
    } else location.replace('/ended');
  };

  const look = async () => {
    // Another page of the same session may have kept it alive.
    if (remaining() <= before) await ask('/session', 'GET').catch(() => undefined);
    if (remaining() <= 3_000) end();
    else {
      if (remaining() <= before && !dialog.open) dialog.showModal();
      if (remaining() > before && dialog.open) dialog.close();
      setTimeout(() => void look(), remaining() <= before ? Math.min(5_000, Math.max(500, remaining() - 2_500)) : remaining() - before);
    }
  };

  document.getElementById('stay')?.addEventListener('click', () => {
    void ask('/session', 'POST').then(() => dialog.close());
  });
  // A page that comes back out of the browser's memory may belong to a session that has ended.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  void look();
}
