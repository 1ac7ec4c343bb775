/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_STUDENT_H
#define SG_MEASURE_STUDENT_H

/*
 * Returns the t that a variable of Student's distribution with n degrees of freedom, at least 1,
 * stays within, |x| <= t, with the given probability, in (0, 1). By bisection of the finite series
 * for whole n: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */
double sg_student_within(double probability, unsigned n);

#endif
