/** What goes on by itself from start to stop. */
export interface Housekeeper {
  start(): void;
  stop(): Promise<void>;
}
