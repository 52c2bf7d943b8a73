import type { FailureKind } from '../contract.js';

/** Failures by the code of the operating system's error. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EADDRNOTAVAIL: 'no-ports',
  EMFILE: 'no-descriptors',
  ENFILE: 'no-descriptors',
};

/** The kind of failure that an error of a socket is. */
export function failureOf(error: NodeJS.ErrnoException): FailureKind {
  return KINDS[error.code ?? ''] ?? 'other';
}

/** The kind of failure of an HTTP status that is not the expected one. */
export function statusFailure(status: number): FailureKind {
  if (status === 503) return 'http-503';
  if (status >= 500) return 'http-5xx';
  if (status >= 300 && status < 400 && status !== 304) return 'redirected';
  return status >= 400 ? 'http-4xx' : 'protocol';
}
