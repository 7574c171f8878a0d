// Every address of the portal.
import type { Portal, Route } from '../route.ts';
import { enteringRoutes } from './entering.ts';
import { passkeyRoutes } from './passkey.ts';
import { readingRoutes } from './reading.ts';
import { securityRoutes } from './security.ts';
import { sessionRoutes } from './session.ts';
import { writingRoutes } from './writing.ts';

export function portalRoutes(portal: Portal): readonly Route[] {
  return [
    ...enteringRoutes(portal),
    ...sessionRoutes(portal),
    ...readingRoutes(portal),
    ...writingRoutes(portal),
    ...securityRoutes(portal),
    ...passkeyRoutes(portal),
  ];
}
