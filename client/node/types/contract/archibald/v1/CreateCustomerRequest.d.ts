import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Wait as _archibald_v1_Wait, Wait__Output as _archibald_v1_Wait__Output } from '../../archibald/v1/Wait.js';
import type { CustomerAddress as _archibald_v1_CustomerAddress, CustomerAddress__Output as _archibald_v1_CustomerAddress__Output } from '../../archibald/v1/CustomerAddress.js';
/**
 * A customer to enter. Required by the ERP: name, VAT number, street, postal code, fiscal code, PEC, SDI.
 */
export interface CreateCustomerRequest {
    /**
     * As in SubmitOrderRequest. Required.
     */
    'user_id'?: (string);
    /**
     * The caller's key. Empty: `name`.
     */
    'operation_key'?: (string);
    /**
     * As in SubmitOrderRequest.
     */
    'start_by'?: (_google_protobuf_Timestamp | null);
    /**
     * How long to listen.
     */
    'wait'?: (_archibald_v1_Wait);
    /**
     * The customer's name. 1 to 100 characters. Required.
     */
    'name'?: (string);
    /**
     * Italian VAT number, 11 digits with a right check digit. Required.
     */
    'vat_number'?: (string);
    /**
     * Fiscal code: 16 characters, or 11 digits for a company. Required.
     */
    'fiscal_code'?: (string);
    /**
     * Certified e-mail address. Required.
     */
    'pec'?: (string);
    /**
     * SDI recipient code, 7 characters. Required.
     */
    'sdi'?: (string);
    /**
     * Street and number. At most 200 characters. Required.
     */
    'street'?: (string);
    /**
     * Postal code, 5 digits, chosen in the ERP's own list. Required.
     */
    'postal_code'?: (string);
    /**
     * Which town of that postal code, when it has several: its name, or words of it. Several or none that
     * fit are ERP_REJECTED, listing those seen.
     */
    'postal_code_city'?: (string);
    /**
     * Which country.
     */
    'postal_code_country'?: (string);
    /**
     * Phone in international form: "+390612345678".
     */
    'phone'?: (string);
    /**
     * Mobile phone in international form. Empty: as `phone`.
     */
    'mobile'?: (string);
    /**
     * E-mail address.
     */
    'email'?: (string);
    /**
     * Web site.
     */
    'url'?: (string);
    /**
     * Delivery mode by its name in the ERP. Empty: "FedEx".
     */
    'delivery_mode'?: (string);
    /**
     * Payment terms by their three digits in the ERP. Empty: "206".
     */
    'payment_terms'?: (string);
    /**
     * Line discount by its name in the ERP. Empty: "N/A".
     */
    'line_discount'?: (string);
    /**
     * Business sector by its name in the ERP.
     */
    'sector'?: (string);
    /**
     * Whom to address.
     */
    'attention_to'?: (string);
    /**
     * Notes, at most 2,000 characters; line breaks are allowed. They stand behind our marker.
     */
    'notes'?: (string);
    /**
     * At most 20 alternate addresses, all different, entered after the customer exists. One that the ERP
     * refuses then is told in `differences` and `warnings`: the customer stands.
     */
    'addresses'?: (_archibald_v1_CustomerAddress)[];
    /**
     * The row of agents.customers that waits for the ERP's id ("TEMP-…"), if there is one. Empty: a row
     * named after the operation is written while the customer is entered.
     */
    'pending_customer_profile'?: (string);
}
/**
 * A customer to enter. Required by the ERP: name, VAT number, street, postal code, fiscal code, PEC, SDI.
 */
export interface CreateCustomerRequest__Output {
    /**
     * As in SubmitOrderRequest. Required.
     */
    'user_id': (string);
    /**
     * The caller's key. Empty: `name`.
     */
    'operation_key': (string);
    /**
     * As in SubmitOrderRequest.
     */
    'start_by': (_google_protobuf_Timestamp__Output | null);
    /**
     * How long to listen.
     */
    'wait': (_archibald_v1_Wait__Output);
    /**
     * The customer's name. 1 to 100 characters. Required.
     */
    'name': (string);
    /**
     * Italian VAT number, 11 digits with a right check digit. Required.
     */
    'vat_number': (string);
    /**
     * Fiscal code: 16 characters, or 11 digits for a company. Required.
     */
    'fiscal_code': (string);
    /**
     * Certified e-mail address. Required.
     */
    'pec': (string);
    /**
     * SDI recipient code, 7 characters. Required.
     */
    'sdi': (string);
    /**
     * Street and number. At most 200 characters. Required.
     */
    'street': (string);
    /**
     * Postal code, 5 digits, chosen in the ERP's own list. Required.
     */
    'postal_code': (string);
    /**
     * Which town of that postal code, when it has several: its name, or words of it. Several or none that
     * fit are ERP_REJECTED, listing those seen.
     */
    'postal_code_city': (string);
    /**
     * Which country.
     */
    'postal_code_country': (string);
    /**
     * Phone in international form: "+390612345678".
     */
    'phone': (string);
    /**
     * Mobile phone in international form. Empty: as `phone`.
     */
    'mobile': (string);
    /**
     * E-mail address.
     */
    'email': (string);
    /**
     * Web site.
     */
    'url': (string);
    /**
     * Delivery mode by its name in the ERP. Empty: "FedEx".
     */
    'delivery_mode': (string);
    /**
     * Payment terms by their three digits in the ERP. Empty: "206".
     */
    'payment_terms': (string);
    /**
     * Line discount by its name in the ERP. Empty: "N/A".
     */
    'line_discount': (string);
    /**
     * Business sector by its name in the ERP.
     */
    'sector': (string);
    /**
     * Whom to address.
     */
    'attention_to': (string);
    /**
     * Notes, at most 2,000 characters; line breaks are allowed. They stand behind our marker.
     */
    'notes': (string);
    /**
     * At most 20 alternate addresses, all different, entered after the customer exists. One that the ERP
     * refuses then is told in `differences` and `warnings`: the customer stands.
     */
    'addresses': (_archibald_v1_CustomerAddress__Output)[];
    /**
     * The row of agents.customers that waits for the ERP's id ("TEMP-…"), if there is one. Empty: a row
     * named after the operation is written while the customer is entered.
     */
    'pending_customer_profile': (string);
}
