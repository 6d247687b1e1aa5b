import { kestrel } from './kestrel/entry.ts';
import { openKestrel } from './kestrel/on-trial.ts';
import { describeProvider } from './provider.contract.ts';

// It does not exist: what it takes to keep every promise is what the next supplier costs.
describeProvider('Kestrel', kestrel, openKestrel);
