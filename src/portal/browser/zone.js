// Tells the portal the reader's time zone, and where the first page did not know it yet writes its times anew.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const secure = location.protocol === 'https:';
const name = secure ? '__Host-zone' : 'zone';
if (zone && !document.cookie.split('; ').includes(`${name}=${zone}`)) {
  document.cookie = `${name}=${zone}; Path=/; SameSite=Lax${secure ? '; Secure' : ''}`;
  /** @type {Record<string, Intl.DateTimeFormatOptions>} */
  const forms = {
    moment: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
    day: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
    clock: { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  };
  for (const time of document.querySelectorAll('time')) {
    const form = forms[time.dataset['form'] ?? ''];
    if (form) time.textContent = new Intl.DateTimeFormat(`${document.documentElement.lang}-US`, form).format(new Date(time.dateTime));
  }
}
