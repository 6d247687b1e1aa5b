-- The reconciler asks which orders the webhooks told of.
CREATE INDEX "Notification_shopDomain_orderGid_idx" ON "Notification" ("shopDomain", (subject->>'orderGid'));
