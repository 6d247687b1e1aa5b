import { providers } from '../../app/providers/registry.server.ts';
import { openSimvox } from '../sandbox/simvox/on-trial.ts';
import { describeLookUps } from './provider.contract.ts';

const entry = providers.simvox;
describeLookUps('Simvox', entry, () => openSimvox());
// What stands in a path is called the eSIM's id here and its ICCID there; both must work alike.
describeLookUps('Simvox, by ids of its own', entry, () => openSimvox('numbers-its-esims'));
describeLookUps('Simvox, answering bare', entry, () => openSimvox('answers-bare'));
describeLookUps('Simvox, refusing inside 200', entry, () => openSimvox('refuses-inside-200'));
