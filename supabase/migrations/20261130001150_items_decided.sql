-- What an item is and what has to be said of it at receipt is decided by those who may change items,
-- also offline; two values that did not know of each other are a review. The server no longer sets them.
grant update (kind, sku, lot_policy, expiry_policy, controlled_schedule, hazardous)
  on table public.inventory_items to authenticated;
revoke update (kind, sku, lot_policy, expiry_policy, controlled_schedule, hazardous)
  on table public.inventory_items from ganger_engine;
