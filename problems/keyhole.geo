// A round chamber with a narrow neck: entropic escape through a keyhole.
// Mesh it by: gmsh -2 -format msh41 keyhole.geo
//
// The walls reflect (physical curve 1), the end of the neck absorbs (physical curve 2). Where the neck
// meets the chamber there are two corners. Cells stay straight when the solver refines them: the
// chamber is a polygon.

R = 1;    // radius of the chamber
w = 0.15; // half width of the neck
l = 0.6;  // length of the neck

n_width = 4;   // cells across the neck
n_neck = 8;    // along the neck
n_radius = 3;  // from the block in the middle to the wall
n_wall = 10;   // along the upper and the lower wall of the chamber

x = Sqrt(R*R - w*w);
q = R*Sqrt(0.5);

Point(1) = {0, 0, 0};
// The wall, from the lower corner of the neck.
Point(2) = {x, -w, 0};
Point(3) = {x, w, 0};
Point(4) = {-q, q, 0};
Point(5) = {-q, -q, 0};
// The block in the middle.
Point(6) = {0.4*R, -0.8*w, 0};
Point(7) = {0.4*R, 0.8*w, 0};
Point(8) = {-0.38*R, 0.38*R, 0};
Point(9) = {-0.38*R, -0.38*R, 0};
Point(12) = {0.05*R, 0.38*R, 0};
Point(13) = {0.05*R, -0.38*R, 0};
// The end of the neck.
Point(10) = {x + l, -w, 0};
Point(11) = {x + l, w, 0};

Line(1) = {2, 3};
Circle(2) = {3, 1, 4};
Circle(3) = {4, 1, 5};
Circle(4) = {5, 1, 2};
Line(5) = {6, 7};
Spline(6) = {7, 12, 8};
Line(7) = {8, 9};
Spline(8) = {9, 13, 6};
Line(9) = {6, 2};
Line(10) = {7, 3};
Line(11) = {8, 4};
Line(12) = {9, 5};
Line(13) = {2, 10};
Line(14) = {10, 11};
Line(15) = {11, 3};

Curve Loop(1) = {5, 6, 7, 8};
Curve Loop(2) = {9, 1, -10, -5};
Curve Loop(3) = {10, 2, -11, -6};
Curve Loop(4) = {11, 3, -12, -7};
Curve Loop(5) = {12, 4, -9, -8};
Curve Loop(6) = {13, 14, 15, -1};
For i In {1:6}
  Plane Surface(i) = {i};
EndFor

Transfinite Curve {1, 3, 5, 7, 14} = n_width + 1;
Transfinite Curve {2, 4, 6, 8} = n_wall + 1;
Transfinite Curve {9, 10, 11, 12} = n_radius + 1;
Transfinite Curve {13, 15} = n_neck + 1;
Transfinite Surface {1:6};
Recombine Surface {1:6};

Physical Curve(1) = {2, 3, 4, 13, 15};
Physical Curve(2) = {14};
Physical Surface(1) = {1:6};
