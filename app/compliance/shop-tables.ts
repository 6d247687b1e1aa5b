/**
 * Every table with rows of a shop, what is pointed at after what points at it (shop-tables.test.ts knows the schema). The
 * shop's own row, its sign-ins and what Shopify sent for it go last and by other names.
 */
export const shopTables = [
  ...['OrderDispute', 'ShopRefund', 'OrderEvent', 'InstallLink', 'Delivery'],
  ...['BuyerNotice', 'SupplierCallback', 'EsimEvent', 'EsimBundle', 'Traveller', 'Esim'],
  ...['DeskAction', 'BalanceEntry', 'BalanceDay', 'BalancePoint', 'UnclaimedOrder'],
  ...['Unit', 'PurchaseAttempt', 'Order'],
  ...['MappingSubstitute', 'VariantMapping', 'Product', 'ProductTemplate', 'SavedView', 'TaskItem', 'Task'],
  ...['Bundle', 'CountryNetwork', 'WatchRun', 'Alert'],
  ...['PriceRule', 'PricingSettings', 'SettingsChange', 'ShopSettings', 'SupplierAccount'],
];
