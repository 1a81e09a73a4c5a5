// The key to the agent: comes in the address's fragment, which is never sent to a server, and stays in this tab.

const FRAGMENT_NAME = 'token';
const STORED_AS = 'tillwire-token';
/** What may stand in a WebSocket subprotocol (RFC 9110 token). */
const ALLOWED = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,512}$/;

type Place = { hash: string; pathname: string; search: string };
type Tab = {
  location: Place;
  sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
  history: Pick<History, 'replaceState'>;
};

/** Takes the token out of the address bar and remembers it for reloads; null where there is none. */
export function takeToken({ location, sessionStorage, history }: Tab): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get(FRAGMENT_NAME);
  if (given !== null) {
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.setItem(STORED_AS, given);
  }
  const token = given ?? sessionStorage.getItem(STORED_AS);
  return token !== null && ALLOWED.test(token) ? token : null;
}

/** The subprotocols that prove the token: the agent answers with the first. */
export const protocolsFor = (token: string): string[] => ['tillwire', `token.${token}`];
