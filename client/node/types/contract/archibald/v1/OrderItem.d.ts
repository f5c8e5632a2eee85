import type { WarehouseSource as _archibald_v1_WarehouseSource, WarehouseSource__Output as _archibald_v1_WarehouseSource__Output } from '../../archibald/v1/WarehouseSource.js';
/**
 * One line of an order.
 */
export interface OrderItem {
    /**
     * The article's name in the ERP ("H129FSQ.104.023"); spaces and a trailing dot belong to it. Required.
     */
    'article_code'?: (string);
    /**
     * The variant's id in the ERP, when the caller knows it. Else the variant is chosen by
     * `package_content`, else it is the only one whose multiple divides the quantity.
     */
    'article_id'?: (string);
    /**
     * Our description, for our tables. At most 200 characters.
     */
    'description'?: (string);
    /**
     * Pieces, a whole number from 1 to 999999, as a decimal string. Required.
     */
    'quantity'?: (string);
    /**
     * Unit price without VAT, 0 to 999999.9999, at most four decimals. Required.
     */
    'price'?: (string);
    /**
     * Line discount in per cent, 0 to 100, at most two decimals. Empty: the ERP's own discount stands.
     */
    'discount'?: (string);
    /**
     * Pieces in the package of the wanted variant ("5"). Empty: not known.
     */
    'package_content'?: (string);
    /**
     * How many of the pieces come from the agent's own stock and are not ordered. Empty: none.
     */
    'warehouse_quantity'?: (string);
    /**
     * Which of the agent's boxes those pieces come from, for our tables. At most 100.
     */
    'warehouse_sources'?: (_archibald_v1_WarehouseSource)[];
}
/**
 * One line of an order.
 */
export interface OrderItem__Output {
    /**
     * The article's name in the ERP ("H129FSQ.104.023"); spaces and a trailing dot belong to it. Required.
     */
    'article_code': (string);
    /**
     * The variant's id in the ERP, when the caller knows it. Else the variant is chosen by
     * `package_content`, else it is the only one whose multiple divides the quantity.
     */
    'article_id': (string);
    /**
     * Our description, for our tables. At most 200 characters.
     */
    'description': (string);
    /**
     * Pieces, a whole number from 1 to 999999, as a decimal string. Required.
     */
    'quantity': (string);
    /**
     * Unit price without VAT, 0 to 999999.9999, at most four decimals. Required.
     */
    'price': (string);
    /**
     * Line discount in per cent, 0 to 100, at most two decimals. Empty: the ERP's own discount stands.
     */
    'discount': (string);
    /**
     * Pieces in the package of the wanted variant ("5"). Empty: not known.
     */
    'package_content': (string);
    /**
     * How many of the pieces come from the agent's own stock and are not ordered. Empty: none.
     */
    'warehouse_quantity': (string);
    /**
     * Which of the agent's boxes those pieces come from, for our tables. At most 100.
     */
    'warehouse_sources': (_archibald_v1_WarehouseSource__Output)[];
}
