import { providers } from '../../app/providers/registry.server.ts';
import { openGoHub } from '../sandbox/gohub/on-trial.ts';
import { describeLookUps } from './provider.contract.ts';

const entry = providers.gohub;
describeLookUps('GoHub', entry, () => openGoHub());
describeLookUps('GoHub, telling the usage by the day', entry, () => openGoHub('tells-only-the-days'));
