// What central does not do for a device or about one, with the sentence for whoever asked.

export class Declined extends Error {
  override readonly name = 'Declined';
  readonly code: 'BAD_REQUEST' | 'CONFLICT' | 'NOT_FOUND' | 'FORBIDDEN' | 'TOO_MANY_REQUESTS' | 'SERVICE_UNAVAILABLE';

  constructor(code: Declined['code'], message: string) {
    super(message);
    this.code = code;
  }
}
