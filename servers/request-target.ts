/**
 * The path and query of a request target. Servers must take its absolute form, too, which is meant for proxies
 * (RFC 9112, section 3.2.2).
 */
export function originForm(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
}
