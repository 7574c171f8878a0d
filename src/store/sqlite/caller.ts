// The caller's side of the engine: gathers the requests of one turn of the event loop, sends them together, and matches answers.
import { MailError } from '../../mail/mail-error.ts';
import type { Answer } from './batch.ts';
import type { In, Op, Out, Request } from './operations.ts';

export interface Caller {
  ask<K extends Op>(op: K, input: In<K>): Promise<Out<K>>;
  /** Settles what these answer. */
  answered(answers: readonly Answer[]): void;
  /** Nothing more comes: all who wait, and all who ask from now on, get store.unavailable. */
  fail(): void;
  /** Sends what is gathered without waiting for the end of the turn. */
  flush(): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function callerOf(send: (requests: readonly Request[]) => void): Caller {
  const waiting = new Map<number, Waiting>();
  let gathered: Request[] = [];
  let nextId = 1;
  let failed = false;

  const flush = (): void => {
    if (gathered.length === 0) return;
    const requests = gathered;
    gathered = [];
    send(requests);
  };
  const settle = (answer: Answer): void => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'value') one?.resolve(answer.value);
    else if (answer.kind === 'error') one?.reject(new MailError(answer.code));
    else one?.reject(new Error(`bug in the store\n${answer.what}`));
  };
  return {
    ask: <K extends Op>(op: K, input: In<K>): Promise<Out<K>> => {
      if (failed) return Promise.reject(new MailError('store.unavailable'));
      const id = nextId++;
      if (gathered.length === 0) setImmediate(flush);
      gathered.push(requestOf(id, op, input) as Request);
      return new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject })) as Promise<Out<K>>;
    },
    answered: (answers) => {
      for (const answer of answers) settle(answer);
    },
    fail: () => {
      failed = true;
      gathered = [];
      for (const one of waiting.values()) one.reject(new MailError('store.unavailable'));
      waiting.clear();
    },
    flush,
  };
}

function requestOf<K extends Op>(id: number, op: K, input: In<K>): Request<K> {
  return { id, op, input };
}
