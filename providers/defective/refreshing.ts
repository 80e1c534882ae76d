// An inventory that knows whether Refresh is at work: defects that write otherwise then, and not when something is met
// for the first time.
import { Inventory } from '../in-memory/cache/inventory.js';

export class RefreshingInventory extends Inventory {
  protected refreshing = false;

  override refresh(): ReturnType<Inventory['refresh']> {
    this.refreshing = true;
    try {
      return super.refresh();
    } finally {
      this.refreshing = false;
    }
  }
}
