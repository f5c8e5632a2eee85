import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Wait as _archibald_v1_Wait, Wait__Output as _archibald_v1_Wait__Output } from '../../archibald/v1/Wait.js';
import type { OrderItem as _archibald_v1_OrderItem, OrderItem__Output as _archibald_v1_OrderItem__Output } from '../../archibald/v1/OrderItem.js';
import type { DeliveryAddress as _archibald_v1_DeliveryAddress, DeliveryAddress__Output as _archibald_v1_DeliveryAddress__Output } from '../../archibald/v1/DeliveryAddress.js';
import type { OnPriceDifference as _archibald_v1_OnPriceDifference, OnPriceDifference__Output as _archibald_v1_OnPriceDifference__Output } from '../../archibald/v1/OnPriceDifference.js';
/**
 * An order to enter. Allowed texts are single lines without control characters, except `notes`.
 */
export interface SubmitOrderRequest {
    /**
     * The agent, as in our tables ("A001"). 1 to 64 characters. Required.
     */
    'user_id'?: (string);
    /**
     * The caller's key for this order. Empty: `pending_order_id`. At most 200 characters. Neither it nor
     * `user_id` nor `pending_order_id` begins or ends with a blank.
     */
    'operation_key'?: (string);
    /**
     * If nothing has been written in the ERP by then, the operation ends as EXPIRED: an order must not
     * appear at a surprising time. Default: two hours after acceptance. Past the first write it is
     * always pursued to its end. A time that has passed ends it as EXPIRED.
     */
    'start_by'?: (_google_protobuf_Timestamp | null);
    /**
     * How long to listen.
     */
    'wait'?: (_archibald_v1_Wait);
    /**
     * The order's id in agents.pending_orders, or any id of yours for this order. 1 to 100 characters. Required.
     */
    'pending_order_id'?: (string);
    /**
     * The customer's key in the ERP (the ID column), "55261" or "55.261". Empty only when account or name
     * is unique.
     */
    'customer_id'?: (string);
    /**
     * The customer's account number in the ERP (PROFILO CLIENTE, "1002328"), if it has one already.
     */
    'customer_account'?: (string);
    /**
     * The customer's name, by which it is looked up when there is no account. 1 to 200 characters. Required.
     */
    'customer_name'?: (string);
    /**
     * What is ordered: 1 to 200 items, one line each; the service never splits or merges them. Required.
     */
    'items'?: (_archibald_v1_OrderItem)[];
    /**
     * A discount on the whole order, 0 to 100, at most two decimals. Empty: none.
     */
    'discount_percent'?: (string);
    /**
     * The agent's notes, at most 2,000 characters; line breaks are allowed, other control characters are not.
     */
    'notes'?: (string);
    /**
     * The agent asks for no shipping costs: the notes begin with NO SPESE DI SPEDIZIONE.
     */
    'no_shipping'?: (boolean);
    /**
     * Where to deliver, when not at the customer's main address.
     */
    'delivery_address'?: (_archibald_v1_DeliveryAddress | null);
    /**
     * The total with VAT that the agent agreed with the customer, for our tables only. Empty: not known.
     */
    'target_total_with_vat'?: (string);
    /**
     * What to do about prices that differ.
     */
    'on_price_difference'?: (_archibald_v1_OnPriceDifference);
}
/**
 * An order to enter. Allowed texts are single lines without control characters, except `notes`.
 */
export interface SubmitOrderRequest__Output {
    /**
     * The agent, as in our tables ("A001"). 1 to 64 characters. Required.
     */
    'user_id': (string);
    /**
     * The caller's key for this order. Empty: `pending_order_id`. At most 200 characters. Neither it nor
     * `user_id` nor `pending_order_id` begins or ends with a blank.
     */
    'operation_key': (string);
    /**
     * If nothing has been written in the ERP by then, the operation ends as EXPIRED: an order must not
     * appear at a surprising time. Default: two hours after acceptance. Past the first write it is
     * always pursued to its end. A time that has passed ends it as EXPIRED.
     */
    'start_by': (_google_protobuf_Timestamp__Output | null);
    /**
     * How long to listen.
     */
    'wait': (_archibald_v1_Wait__Output);
    /**
     * The order's id in agents.pending_orders, or any id of yours for this order. 1 to 100 characters. Required.
     */
    'pending_order_id': (string);
    /**
     * The customer's key in the ERP (the ID column), "55261" or "55.261". Empty only when account or name
     * is unique.
     */
    'customer_id': (string);
    /**
     * The customer's account number in the ERP (PROFILO CLIENTE, "1002328"), if it has one already.
     */
    'customer_account': (string);
    /**
     * The customer's name, by which it is looked up when there is no account. 1 to 200 characters. Required.
     */
    'customer_name': (string);
    /**
     * What is ordered: 1 to 200 items, one line each; the service never splits or merges them. Required.
     */
    'items': (_archibald_v1_OrderItem__Output)[];
    /**
     * A discount on the whole order, 0 to 100, at most two decimals. Empty: none.
     */
    'discount_percent': (string);
    /**
     * The agent's notes, at most 2,000 characters; line breaks are allowed, other control characters are not.
     */
    'notes': (string);
    /**
     * The agent asks for no shipping costs: the notes begin with NO SPESE DI SPEDIZIONE.
     */
    'no_shipping': (boolean);
    /**
     * Where to deliver, when not at the customer's main address.
     */
    'delivery_address': (_archibald_v1_DeliveryAddress__Output | null);
    /**
     * The total with VAT that the agent agreed with the customer, for our tables only. Empty: not known.
     */
    'target_total_with_vat': (string);
    /**
     * What to do about prices that differ.
     */
    'on_price_difference': (_archibald_v1_OnPriceDifference__Output);
}
