/** What stands for the published message in a text. */
export const MESSAGE = '{message}';
/** What stands for the port that the server is to listen on. */
export const PORT = '{port}';
/** What stands for a client's number. */
export const CLIENT = '{client}';
/** What stands for the cursor in the path of a client that asks. */
export const CURSOR = '{cursor}';
