const ONE_OVER_ROOT_PI = 0.5641895835477563;

/**
 * e^(x²) · erfc(x), the complementary error function without the factor that makes it underflow, for x from 0.5 on:
 * the best rational approximations of degree 8 in x up to 4 and of degree 5 in 1/x² beyond, to a relative error
 * below 1e-15.
 *
 * Source: W. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
 */
export function scaledErfc(x: number): number {
  return x <= 4 ? upToFour(x) : beyondFour(x);
}

function upToFour(x: number): number {
  let p = 2.1531153547440383e-8;
  p = p * x + 0.5641884969886701;
  p = p * x + 8.883149794388377;
  p = p * x + 66.11919063714163;
  p = p * x + 298.6351381974001;
  p = p * x + 881.952221241769;
  p = p * x + 1712.0476126340707;
  p = p * x + 2051.0783778260716;
  p = p * x + 1230.3393547979972;
  let q = x + 15.744926110709835;
  q = q * x + 117.6939508913125;
  q = q * x + 537.1811018620099;
  q = q * x + 1621.3895745666903;
  q = q * x + 3290.7992357334597;
  q = q * x + 4362.619090143247;
  q = q * x + 3439.3676741437216;
  q = q * x + 1230.3393548037495;
  return p / q;
}

function beyondFour(x: number): number {
  const t = 1 / (x * x);
  let p = -0.016315387137302097;
  p = p * t - 0.30532663496123236;
  p = p * t - 0.36034489994980445;
  p = p * t - 0.12578172611122926;
  p = p * t - 0.016083785148742275;
  p = p * t - 0.0006587491615298378;
  let q = t + 2.568520192289822;
  q = q * t + 1.8729528499234604;
  q = q * t + 0.5279051029514285;
  q = q * t + 0.06051834131244132;
  q = q * t + 0.0023352049762686918;
  return (ONE_OVER_ROOT_PI + (t * p) / q) / x;
}
