import { providers } from '../../app/providers/registry.server.ts';
import { openReseller } from '../sandbox/reseller/on-trial.ts';
import { describeProvider } from './provider.contract.ts';

const entry = providers.reseller;
describeProvider('The reseller API', entry, (sells) => openReseller(sells));
describeProvider('The reseller API, paid afterwards', entry, (sells) =>
  openReseller(sells, { billing: 'postpaid' }),
);
// Assumed: the document has a picture of the code; an account may be told the code itself.
describeProvider('The reseller API, telling codes', entry, (sells) =>
  openReseller(sells, { tellsCodes: true }),
);
