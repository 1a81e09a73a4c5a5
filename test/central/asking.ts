// Asks central over HTTP as somebody with a token, and gets tokens for others.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';

export type Asked = { status: number; body: { message?: string } & Record<string, unknown> };

/** `key`: of the request, a new one each time unless told. No token: of whoever has none. */
type Wish = { token?: string | undefined; body?: unknown; key?: string };

export async function askCentral(url: string, path: string, { token, body, key }: Wish): Promise<Asked> {
  const response = await fetch(`${url}/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key ?? randomUUID(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  return { status: response.status, body: (await response.json()) as Asked['body'] };
}

type Account = { operator: string; name: string; roles: string[]; more?: object };

/** Of a program's account that is made for it. */
export async function tokenAt(url: string, { operator, name, roles, more = {} }: Account): Promise<string> {
  const made = await askCentral(url, '/accounts', { token: operator, body: { name, kind: 'program', roles } });
  expect(made.status).toBe(201);
  const issued = await askCentral(url, '/tokens', { token: operator, body: { account: name, ...more } });
  expect(issued.status).toBe(201);
  return String(issued.body['token']);
}
