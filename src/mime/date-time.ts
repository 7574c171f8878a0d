// Date-times of header fields.

/** RFC 5322 3.3, in UTC. */
export function headerDate(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
/** Zones of RFC 5322 4.3 that say what they are, in hours. */
const ZONES: Readonly<Record<string, number>> = { EDT: -4, EST: -5, CDT: -5, CST: -6, MDT: -6, MST: -7, PDT: -7, PST: -8 };
const DATE_TIME =
  /^(?:[A-Za-z]{3,9}[,.]?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]{0,6}[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s*(?:([+-])(\d{2}):?(\d{2})|([A-Za-z]{1,5}))?/;

/** Milliseconds since the epoch (RFC 5322 3.3, with the obsolete forms of 4.3), or null where it is no date-time. */
export function headerDateIn(value: string): number | null {
  const text = value
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim();
  const [, day, month = '', year = '', hour, minute, second, sign, zoneHours, zoneMinutes, zone = ''] = DATE_TIME.exec(text) ?? [];
  const place = MONTHS.indexOf(month.toLowerCase());
  if (day === undefined || place < 0 || place % 3 !== 0) return null;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 60) return null;
  const years = Number(year) + (year.length === 2 ? (Number(year) < 50 ? 2_000 : 1_900) : year.length === 3 ? 1_900 : 0);
  const at = Date.UTC(years, place / 3, Number(day), hours, minutes, Math.min(seconds, 59));
  if (new Date(at).getUTCDate() !== Number(day)) return null;
  const offset =
    sign === undefined ? (ZONES[zone.toUpperCase()] ?? 0) * 60 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return at - offset * 60_000;
}
