import type { VoterClient } from "../voter/client";
import type { ElectionView } from "../voter/message";
import type { Place } from "./app";

/** What every step of the page is given. */
export interface Step {
  client: VoterClient;
  election: ElectionView;
  go(place: Place): void;
  /** Forgets codes and ballot, and reads the record on. */
  toStart(): void;
}
