/** What became of one publish: null when the server took it, else its failure's kind. */
export type Taken = (failure: PublishFailure | null) => void;

/** Why a publish failed; `detail` continues "the publish request ...", for people. */
export interface PublishFailure {
  readonly kind: string;
  readonly detail: string;
}

/** Gets messages into a server, one by one, as many under way as there are. */
export interface MessagePublisher {
  /** Makes ready what takes time. @throws Error with a sentence's end */
  open(): Promise<void>;
  /** Sends a message now. `taken` is called once, now or later. */
  send(message: string, taken: Taken): void;
  /** Messages that went out a second time, for the first was lost before it was answered. */
  readonly repeated: number;
  close(): void;
}

/** Where to publish: the address may be a name's. */
export interface PublishPlace {
  readonly address: string;
  readonly port: number;
  /** As it stands in the Host field. */
  readonly host: string;
}
