// temporary
import type { DeliveryMethod } from '../methods/method.ts';
export function relayOf(_: unknown): DeliveryMethod {
  return { name: 'relay', reach: async () => ({ reach: 'yes' }), pack: async (_d, content) => ({ ...content, body: '7bit', needs: 'nothing' }) };
}
