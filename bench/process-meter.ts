// CPU time and memory of a process with all its descendants, from /proc. Children that have ended count through their parent.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

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
  const members = familyOf(root);
  return {
    cpuMs: (members.reduce((sum, stat) => sum + stat.ticks, 0) * 1_000) / TICKS_PER_SECOND,
    rssBytes: members.reduce((sum, stat) => sum + stat.pages, 0) * PAGE_BYTES,
  };
}

function familyOf(root: number): readonly Stat[] {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []));
  const family = new Set([root]);
  // A child can have a lower number than its parent, so go round until nothing is added.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
  }
  return stats.filter((stat) => family.has(stat.pid));
}

/** The most that a process of the family has in memory is counted from now on (proc(5), clear_refs). */
export function beginPeaks(root: number): void {
  for (const { pid } of familyOf(root)) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export interface Peaks {
  readonly ownBytes: number;
  /** Of the child that had most, of those that are still there. */
  readonly childBytes: number;
}

export function peaksOf(root: number): Peaks {
  const peak = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1_024;
  const children = familyOf(root).filter(({ pid }) => pid !== root);
  return { ownBytes: peak(root), childBytes: Math.max(0, ...children.map(({ pid }) => peak(pid))) };
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
