import { providers } from '../../app/providers/registry.server.ts';
import { openEsimGo } from '../sandbox/esim-go/on-trial.ts';
import { describeProvider } from './provider.contract.ts';

const entry = providers['esim-go'];
describeProvider('eSIM Go', entry, (sells) => openEsimGo(sells));
describeProvider('eSIM Go, API 2.5', entry, (sells) => openEsimGo(sells, { version: '2.5' }));
// The vendor's documents and its live answers differ in shape; both must work alike.
describeProvider('eSIM Go, answering as documented', entry, (sells) =>
  openEsimGo(sells, { signature: 'hex', conducts: ['answers-as-documented'] }),
);
describeProvider('eSIM Go, answering CSV', entry, (sells) =>
  openEsimGo(sells, { conducts: ['answers-csv'] }),
);
