// Why a port cannot be had, in words for the administrator.

/** Why an address cannot be listened on, where the administrator can do something about it. */
export function listenFault(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return 'another program has it';
  if (code === 'EACCES') return 'this user may not use a port below 1024';
  return code === 'EADDRNOTAVAIL' ? 'this machine does not have that address' : null;
}
