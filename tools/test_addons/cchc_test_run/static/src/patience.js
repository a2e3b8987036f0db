/* A step of a tour waits a minute: on a busy machine ten seconds are nothing. */
import {TourAutomatic} from "@web_tour/js/tour_automatic/tour_automatic";

TourAutomatic.prototype.timeout = 60000;
