// The desk, put together from its use cases.
import type { PickupDesk } from './desk.ts';
import type { DeskParts } from './desk-parts.ts';
import { enrolment } from './enrolment.ts';
import { looking } from './look.ts';
import { persons } from './persons.ts';
import { reading } from './reading.ts';
import { sentCodes } from './send-code.ts';
import { sessionView } from './session-view.ts';
import { signingIn } from './sign-in.ts';

export function pickupDesk(parts: DeskParts): PickupDesk {
  const codes = sentCodes(parts);
  return {
    look: looking(parts, codes),
    sendCode: (link, by, client) => codes.send(link, by, client),
    ...signingIn(parts),
    async session(token, activity) {
      const session = parts.sessions.find(token, activity);
      return session === null ? null : sessionView(session, parts);
    },
    async leave(token) {
      parts.sessions.end(token);
    },
    ...persons(parts),
    ...enrolment(parts),
    ...reading(parts),
  };
}
