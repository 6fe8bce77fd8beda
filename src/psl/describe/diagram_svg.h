// A diagram as a picture: one SVG file that needs nothing else, light or dark as the reader's system is.
#pragma once

#include <string>

#include "psl/describe/diagram.h"

namespace tenon::psl {

// Widths of texts are estimates, since the reader's fonts are not known. Boxes beyond
// base::diagram_boxes_max are left out, and the picture says so.
std::string diagram_svg(const Diagram& diagram);

}  // namespace tenon::psl
