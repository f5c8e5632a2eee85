import type { Long } from '@grpc/proto-loader';
/**
 * Pieces taken from one box of the agent's own stock.
 */
export interface WarehouseSource {
    /**
     * The row of agents.warehouse_items.
     */
    'warehouse_item_id'?: (number | string | Long);
    /**
     * The box's name.
     */
    'box_name'?: (string);
    /**
     * Pieces, a whole number greater than 0, as a decimal string.
     */
    'quantity'?: (string);
}
/**
 * Pieces taken from one box of the agent's own stock.
 */
export interface WarehouseSource__Output {
    /**
     * The row of agents.warehouse_items.
     */
    'warehouse_item_id': (number);
    /**
     * The box's name.
     */
    'box_name': (string);
    /**
     * Pieces, a whole number greater than 0, as a decimal string.
     */
    'quantity': (string);
}
