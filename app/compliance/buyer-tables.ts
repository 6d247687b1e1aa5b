/**
 * Tables whose rows go when the buyer of an order is erased, by what they name. What else names an order or an eSIM stays for the
 * books, or goes with the eSIM's own row (buyer-tables.test.ts knows the schema).
 */
export const buyerTables = {
  ofEsim: ['BuyerNotice', 'SupplierCallback', 'DeskAction'],
  ofOrder: ['InstallLink', 'Delivery'],
};
