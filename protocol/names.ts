/** Query parameter with which a poller says which message it saw last, in ten digits. */
export const CURSOR_PARAMETER = 'since';
