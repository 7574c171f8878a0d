// What EHLO offers, by the state of the session (RFC 5321 4.1.1.1). Only what is honoured. Pure.

export interface CapabilityState {
  readonly tls: 'on' | 'off';
  readonly login: 'offered' | 'done' | 'none';
  readonly messageSizeBytes: number;
}

export function capabilities(state: CapabilityState): readonly string[] {
  const { tls, login, messageSizeBytes } = state;
  return [
    'PIPELINING',
    `SIZE ${messageSizeBytes}`,
    '8BITMIME',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'DSN',
    // Credentials never cross the wire in clear (RFC 4954 4), and REQUIRETLS has no meaning there (RFC 8689 2).
    ...(tls === 'on' ? ['REQUIRETLS'] : ['STARTTLS']),
    ...(tls === 'on' && login === 'offered' ? ['AUTH PLAIN LOGIN'] : []),
  ];
}
