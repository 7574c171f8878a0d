// CPU time and memory of a process with all its descendants, from /proc. Children that have ended count through their parent.
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** Clock ticks and page size of every Linux that Node runs on here. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

export function usageOf(root: number): Usage {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []));
  const family = new Set([root]);
  // A child can have a lower number than its parent, so go round until nothing is added.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
  }
  const members = stats.filter((stat) => family.has(stat.pid));
  return {
    cpuMs: (members.reduce((sum, stat) => sum + stat.ticks, 0) * 1_000) / TICKS_PER_SECOND,
    rssBytes: members.reduce((sum, stat) => sum + stat.pages, 0) * PAGE_BYTES,
  };
}

/** Time of the whole machine spent on anything but waiting, in ms. */
export function machineBusyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '')
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return ((user + nice + system + irq + softirq + steal) * 1_000) / TICKS_PER_SECOND;
}

function statOf(pid: number): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets can hold anything: fields are counted after its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (n: number): number => Number(fields[n - 3]);
    return [{ pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17), pages: field(24) }];
  } catch {
    return []; // ended meanwhile
  }
}
