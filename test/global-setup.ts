import { buildWhatIsStale } from './build.ts';

/** Stories run against what is deployed: the built server. */
export default function setup() {
  buildWhatIsStale();
}
