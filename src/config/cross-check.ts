// What must fit together between sections. Sections that had errors are left out: each check looks only at what was read.
import path from 'node:path';
import type { YamlPath } from '../yaml/positions.ts';
import { complain, warn } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import type { RawConfig } from './shape.ts';

type Partly = Partial<RawConfig>;

/** `base` is the folder that relative paths start from. */
export function crossCheck(raw: Partly, base: string): readonly Complaint[] {
  return [
    ...folders(raw, base),
    ...listeners(raw),
    ...trust(raw),
    ...delivery(raw),
    ...routes(raw),
    ...dkim(raw),
    ...disk(raw),
    ...retention(raw),
  ];
}

const LISTENER_NAMES = ['submissions', 'submission', 'relay'] as const;
/** Where those that take in no mail of ours stand in the file. */
const OTHER_LISTENERS: Readonly<Record<string, YamlPath>> = {
  health: ['health'],
  unsubscribe: ['unsubscribe'],
  portal: ['portal'],
  'portal.return': ['portal', 'return'],
};

function folders(raw: Partly, base: string): Complaint[] {
  if (raw.folders === undefined) return [];
  const places = Object.entries(raw.folders).map(([name, folder]) => ({ name, at: path.resolve(base, folder) }));
  return places.flatMap((inner) =>
    places
      .filter((outer) => outer !== inner && isInside(inner.at, outer.at) && (inner.at !== outer.at || inner.name > outer.name))
      .map((outer) =>
        complain(['folders', inner.name], `folders.${inner.name} lies inside folders.${outer.name}`, 'choose folders beside one another'),
      ),
  );
}

function isInside(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return way === '' || (!way.startsWith(`..${path.sep}`) && way !== '..' && !path.isAbsolute(way));
}

function listeners(raw: Partly): Complaint[] {
  const complaints: Complaint[] = [];
  const tls = raw.tls;
  if (tls !== undefined && (tls.certificate === null) !== (tls.key === null)) {
    complaints.push(
      complain(['tls'], `tls.${tls.certificate === null ? 'key' : 'certificate'} stands alone`, 'write both tls.certificate and tls.key'),
    );
  }
  const taken = new Map<string, string>();
  for (const { name, i, address, port } of listenersOf(raw)) {
    const other = OTHER_LISTENERS[name];
    const at = other ?? ['listeners', name, i];
    if (other === undefined && tls !== undefined && tls.certificate === null && tls.key === null)
      complaints.push(complain(at, `${name} has no certificate`, 'write tls.certificate and tls.key: no certificate, no listener'));
    if (raw.mode === 'sandbox' && address !== null && !isLoopback(address))
      complaints.push(
        complain(
          [...at, 'address'],
          `${address} can be reached from outside`,
          'write 127.0.0.1 or ::1: sandbox listeners stay on loopback',
        ),
      );
    const place = port === 0 ? null : `${address ?? '*'} port ${port}`;
    const holder = place === null ? undefined : (taken.get(place) ?? (address === null ? undefined : taken.get(`* port ${port}`)));
    if (holder !== undefined) complaints.push(complain([...at, 'port'], `port ${port} is taken by ${holder}`, 'choose another port'));
    if (place !== null) taken.set(place, name);
  }
  return complaints;
}

function listenersOf(raw: Partly): { readonly name: string; readonly i: number; readonly address: string | null; readonly port: number }[] {
  const mail = LISTENER_NAMES.flatMap((name) => (raw.listeners?.[name] ?? []).map(({ address, port }, i) => ({ name, i, address, port })));
  const others = [
    ...(['health', 'unsubscribe', 'portal'] as const).map((name) => ({ name, place: raw[name] })),
    { name: 'portal.return', place: raw.portal?.return },
  ].flatMap(({ name, place }) => (place ? [{ name, i: 0, address: place.address, port: place.port }] : []));
  return [...mail, ...others].sort((a, b) => Number(a.address !== null) - Number(b.address !== null));
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address);
}

function trust(raw: Partly): Complaint[] {
  if (raw.trust === undefined) return [];
  const { networks, certificates } = raw.trust;
  const names = [
    ...networks.map(({ name }, i) => ({ name, at: ['trust', 'networks', i, 'name'] })),
    ...certificates.map(({ name }, i) => ({ name, at: ['trust', 'certificates', i, 'name'] })),
  ];
  const complaints = repeated(names, 'name');
  complaints.push(
    ...repeated(
      certificates.map(({ sha256 }, i) => ({ name: sha256, at: ['trust', 'certificates', i, 'sha256'] })),
      'fingerprint',
    ),
  );
  if ((raw.listeners?.relay.length ?? 0) > 0 && names.length === 0) {
    complaints.push(
      complain(['listeners', 'relay'], 'nobody may use the relay listener', 'write trust.networks or trust.certificates, or remove it'),
    );
  }
  return complaints;
}

function repeated(names: readonly { readonly name: string; readonly at: readonly (string | number)[] }[], what: string): Complaint[] {
  const first = new Set<string>();
  return names.flatMap(({ name, at }) => {
    if (!first.has(name)) {
      first.add(name);
      return [];
    }
    return [complain(at, `the ${what} "${name}" stands twice`, 'give each its own')];
  });
}

function delivery(raw: Partly): Complaint[] {
  const complaints: Complaint[] = [];
  const { delivery: sending, dns } = raw;
  if (sending !== undefined) {
    if (sending.retry.first > sending.retry.longest)
      complaints.push(
        complain(
          ['delivery', 'retry', 'first'],
          'the first wait is longer than the longest',
          'make it shorter than delivery.retry.longest',
        ),
      );
    if (sending.delay_report_after >= sending.expire_after) {
      complaints.push(warn(['delivery', 'delay_report_after'], 'no delay is ever reported', 'make it shorter than delivery.expire_after'));
    }
  }
  if (dns?.validating === 'yes') {
    const outside = dns.servers.find((server) => !isLoopback(server.replace(/^\[|\](?::\d+)?$/g, '')));
    if (dns.servers.length === 0)
      complaints.push(complain(['dns', 'validating'], 'no validating name server is named', 'write dns.servers, such as [127.0.0.1]'));
    else if (outside !== undefined)
      complaints.push(
        warn(
          ['dns', 'servers'],
          `answers of ${outside} cross a network`,
          'use a validating resolver on this machine, or be sure of the way to it',
        ),
      );
  }
  return complaints;
}

function routes(raw: Partly): Complaint[] {
  const all = raw.routes ?? [];
  const complaints = repeated(
    all.map(({ name }, i) => ({ name, at: ['routes', i, 'name'] })),
    'name',
  );
  const ports = listenersOf(raw).map(({ port }) => port);
  for (const [i, route] of all.entries()) {
    if (route.next_hops.length === 0)
      complaints.push(complain(['routes', i], `the route "${route.name}" has no next hop`, 'write next_hops with at least one host'));
    for (const [j, { host, port }] of route.next_hops.entries()) {
      if (host === raw.hostname && ports.includes(port))
        complaints.push(
          complain(['routes', i, 'next_hops', j, 'host'], 'this next hop is the gateway itself', 'name the server that mail should go to'),
        );
    }
    const hidden = all.slice(0, i).find((earlier) => earlier.domains.includes('*'));
    if (hidden !== undefined)
      complaints.push(
        warn(['routes', i], `the route "${route.name}" is never taken`, `put it before "${hidden.name}", which takes all domains`),
      );
  }
  return complaints;
}

function dkim(raw: Partly): Complaint[] {
  return repeated(
    (raw.dkim ?? []).map(({ domain, selector }, i) => ({ name: `${selector}._domainkey.${domain}`, at: ['dkim', i, 'selector'] })),
    'DKIM key',
  );
}

/** Addresses of what is kept are sealed by the keys that end with the evidence. */
function retention({ retention: kept }: Partly): Complaint[] {
  if (kept === undefined) return [];
  return (['content', 'facts'] as const)
    .filter((name) => kept[name] > kept.evidence)
    .map((name) =>
      complain(['retention', name], 'this would be kept longer than the key that opens it', 'make it no longer than retention.evidence'),
    );
}

function disk(raw: Partly): Complaint[] {
  if (raw.disk === undefined || raw.disk.stop_below < raw.disk.refuse_below) return [];
  return [complain(['disk', 'stop_below'], 'delivery would stop before new mail is refused', 'make it smaller than disk.refuse_below')];
}
